package dev.weft.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Left-aligned columns under capital headings, three blanks apart, as kubectl prints them. */
public final class Table {
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row; an empty cell is shown as {@code -}. */
  public Table row(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + headings.size() + " headings");
    }
    rows.add(List.of(cells));
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The whole table with a line break at its end. */
  public String render() {
    int columns = headings.size();
    int[] widths = new int[columns];
    List<List<String>> all = new ArrayList<>();
    all.add(headings.stream().map(h -> h.toUpperCase(Locale.ROOT)).toList());
    rows.forEach(r -> all.add(r.stream().map(c -> c.isEmpty() ? "-" : c).toList()));
    for (List<String> row : all) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i));
        if (i < columns - 1) {
          line.repeat(' ', widths[i] - row.get(i).length() + 3);
        }
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }
}
