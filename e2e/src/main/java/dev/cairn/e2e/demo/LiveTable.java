package dev.cairn.e2e.demo;

import dev.cairn.e2e.KubernetesTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * kubectl's columns. On a terminal it updates them in place. Elsewhere it prints a line for each changed row. Not
 * thread-safe.
 */
final class LiveTable {
    private static final int AGE = 1; // the last column, which changes by itself

    /** A single line cannot know the width of the next one. */
    private static final List<Integer> WIDTHS = List.of(24, 8, 9, 20, 10, 8, 6, 4);

    private final PrintStream out;
    private final boolean terminal;
    private final List<String> order;
    private final Map<String, List<String>> printed = new HashMap<>();
    private int linesOnScreen;

    /** @param order the rows' names in order; other rows follow */
    LiveTable(PrintStream out, boolean terminal, List<String> order) {
        this.out = out;
        this.terminal = terminal;
        this.order = order;
    }

    void show(KubernetesTable table) {
        var rows = new ArrayList<>(table.rows());
        rows.sort(Comparator.comparingInt(row -> position(row.getFirst())));
        if (terminal) redraw(table.columns(), rows);
        else rows.forEach(row -> printIfChanged(table.columns(), row));
    }

    private int position(String name) {
        int index = order.indexOf(name);
        return index < 0 ? order.size() : index;
    }

    private void redraw(List<String> columns, List<List<String>> rows) {
        if (linesOnScreen > 0) out.print("\u001b[" + linesOnScreen + "A\u001b[J");
        var widths = widths(columns, rows);
        out.println(line(columns, widths));
        rows.forEach(row -> out.println(line(row, widths)));
        out.flush();
        linesOnScreen = rows.size() + 1;
    }

    private void printIfChanged(List<String> columns, List<String> row) {
        var state = row.subList(0, row.size() - AGE);
        if (state.equals(printed.get(row.getFirst()))) return;
        if (printed.isEmpty()) out.println(line(columns, WIDTHS));
        printed.put(row.getFirst(), state);
        out.println(line(row, WIDTHS));
    }

    private static List<Integer> widths(List<String> columns, List<List<String>> rows) {
        var widths = new ArrayList<Integer>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            widths.add(rows.stream()
                    .mapToInt(row -> row.get(column).length())
                    .reduce(columns.get(i).length(), Math::max));
        }
        return widths;
    }

    private static String line(List<String> cells, List<Integer> widths) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            int width = i < widths.size() ? widths.get(i) : 0;
            line.append(cells.get(i))
                    .repeat(' ', Math.max(0, width - cells.get(i).length()) + 2);
        }
        return line.toString().stripTrailing();
    }
}
