package dev.cairn.plan;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What runs, as a text whose SHA-256 anybody can compute: {@code docs/concepts/checksums.md} describes it. It must never change:
 * a change is another format, with another number in the first line.
 *
 * <p>A field is a line with its name and its length in bytes of UTF-8, and then its value and a line feed. So no value
 * can look like the field after it. Fields that are not set are left out.
 */
public final class ChecksumText {
    private final StringBuilder text = new StringBuilder("cairn 2\n");

    private ChecksumText() {}

    /** Of a plan; the same for its dry run. */
    public static String of(Plan plan) {
        var migration = plan.migration();
        return new ChecksumText()
                .field("scope", migration.scope())
                .field("kind", migration.kind().name())
                .field("name", migration.name())
                .work(plan.work());
    }

    /** Of the work alone, whatever it is called and wherever it runs. */
    public static String ofContent(Work work) {
        return new ChecksumText().work(work);
    }

    /**
     * Left out: names of steps and the verify query, which change nothing in the database; queries of holds, which only
     * make it wait; exit codes, which only say whether to try again.
     */
    private String work(Work work) {
        switch (work) {
            case Work.Schema(var steps) -> {
                field("work", "schema");
                for (var step : steps) field("step", step.sql());
            }
            case Work.Backfill backfill -> {
                field("work", "backfill");
                over(backfill.over());
                field("sql", backfill.sql());
                field("skipErrors", backfill.skipErrors());
                field("repeat", backfill.repeat());
            }
            case Work.Once(var sql, var _) -> field("work", "once").field("sql", sql);
            case Work.Container container -> {
                field("work", "container").field("image", container.image());
                for (var word : container.command()) field("command", word);
            }
        }
        return text.toString();
    }

    private void over(Work.Over over) {
        field("table", over.table());
        for (var column : over.key()) field("key", column);
        field("as", over.as());
        field("query", over.query());
    }

    private ChecksumText field(String name, @Nullable Object value) {
        if (value == null) return this;
        var shown = value.toString();
        int bytes = shown.getBytes(StandardCharsets.UTF_8).length;
        text.append(name).append(' ').append(bytes).append('\n').append(shown).append('\n');
        return this;
    }
}
