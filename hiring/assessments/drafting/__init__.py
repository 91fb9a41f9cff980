"""Writing on a draft: every act wants the locked one of `actions.draft` and leaves it with a new revision."""
