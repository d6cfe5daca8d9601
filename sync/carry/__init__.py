"""Operations that travel as a file where no line is: packed at home, sent from a machine that has one, brought home.

`sealed` is the file, `home` packs and brings, `road` sends. docs/carry.md tells the whole way.
"""
