"""What we hire for: openings with their steps, panels, applications and invitations.

Words: opening, step, panel, wanted marks, application, invitation, stage.
"""
