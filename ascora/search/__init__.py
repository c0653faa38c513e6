"""Search by the beginnings of words: one table of folded words, plain range conditions, works
behind the wall.
"""
