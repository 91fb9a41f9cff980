"""What is asked: assessments, their versions, tasks, materials and rubrics.

Words: assessment, version, task, kind, criterion, level, shelf, sample answer.
"""
