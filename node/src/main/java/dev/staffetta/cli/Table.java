package dev.staffetta.cli;

import java.io.PrintWriter;
import java.util.List;

/** Rows as columns that stand below one another. */
final class Table {
  private Table() {}

  /**
   * Prints the rows.
   *
   * @param rows all of the same number of columns; the first is the heading
   */
  static void print(PrintWriter out, List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(widths[column] - cell.length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
