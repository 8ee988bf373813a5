"""Tables that people have as files: CSV, JSON Lines and XLSX, read in chunks, each row with its line number.

How an import uses it:

    table = open_table(path)                                 # raises Unreadable
    proposal = propose(table, COLUMNS)                       # which column of the file is which of COLUMNS
    …                                                        # a person confirms, or `named` takes what they give
    for chunk in table.chunks(size=5_000):
        frame = proposal.renamed(chunk.rows)                 # text columns with our names, indexed by line number
        rating, bad = whole_numbers(frame["rating"], 1, 5)
        …                                                    # `chunk.faults`: lines that are no row

`COLUMNS` is a list of `Column`: our name, what files call it, and how its values look. `values` turns cells into
ratings, times and clean text; each function there returns the values and a mask of the cells that are none.
"""

from sources.tabular.columns import Column, ColumnsUnclear, Proposal, looks_like, named, propose
from sources.tabular.reading import Chunk, Fault, Table, Unreadable, open_table
from sources.tabular.values import clean_text, day_comes_first, times, whole_numbers

__all__ = [
    "Chunk",
    "Column",
    "ColumnsUnclear",
    "Fault",
    "Proposal",
    "Table",
    "Unreadable",
    "clean_text",
    "day_comes_first",
    "looks_like",
    "named",
    "open_table",
    "propose",
    "times",
    "whole_numbers",
]
