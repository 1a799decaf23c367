# tools/answer_cell.c: a cut cell is a column too wide.
s/width + more > width_max/width + more > width_max + 1/
