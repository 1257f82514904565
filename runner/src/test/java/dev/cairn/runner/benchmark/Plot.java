package dev.cairn.runner.benchmark;

import java.util.LinkedHashMap;
import java.util.Map;

/** Bars of seconds, a group for each table, as SVG. */
final class Plot {
    private static final int LABEL = 190;
    private static final int BARS = 480;
    private static final int LINE = 18;

    private final Map<String, Map<Contestant, Measurement>> groups = new LinkedHashMap<>();

    void add(String title, Map<Contestant, Measurement> medians) {
        groups.put(title, medians);
    }

    String svg() {
        double longest = groups.values().stream()
                .flatMap(group -> group.values().stream())
                .mapToDouble(Measurement::seconds)
                .max()
                .orElse(1);
        var body = new StringBuilder();
        int y = 10;
        for (var group : groups.entrySet()) {
            y += LINE + 6;
            body.append(
                    "<text x=\"0\" y=\"%d\" font-weight=\"bold\">%s, seconds</text>%n".formatted(y, group.getKey()));
            for (var bar : group.getValue().entrySet()) {
                y += LINE;
                body.append(bar(bar.getKey(), bar.getValue().seconds(), longest, y));
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
            <rect width="100%%" height="100%%" fill="white"/>
            %s</svg>
            """.formatted(LABEL + BARS + 60, y + 15, body);
    }

    private static String bar(Contestant contestant, double seconds, double longest, int y) {
        int width = (int) Math.max(1, BARS * seconds / longest);
        var colour = contestant instanceof Contestant.Engine ? "#2b6cb0" : "#a0aec0";
        return """
            <text x="%d" y="%d" text-anchor="end">%s</text><rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>\
            <text x="%d" y="%d">%.1f</text>
            """.formatted(
                        LABEL - 6,
                        y,
                        contestant.label(),
                        LABEL,
                        y - 11,
                        width,
                        LINE - 5,
                        colour,
                        LABEL + width + 4,
                        y,
                        seconds);
    }
}
