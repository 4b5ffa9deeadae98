"""The documentation under test: parts made of the program itself, code that is run, links.

``python -m tests.docs`` says which pages are not as the program makes them; with ``--write`` it
makes them so.
"""
