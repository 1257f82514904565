package dev.cairn.plan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What runs, as a text whose SHA-256 anybody can compute: {@code docs/concepts/checksums.md} describes it. It must never change:
 * a change is another format, with another number in the first line.
 *
 * <p>A field is a line with its name and its length in bytes of UTF-8, and then its value and a line feed. So no value
 * can look like the field after it. Fields that are not set are left out.
 */
public final class ChecksumText {
    private final OutputStream out;

    private ChecksumText(OutputStream out) {
        this.out = out;
        write("cairn 2\n".getBytes(StandardCharsets.UTF_8));
    }

    /** Of a plan; the same for its dry run. */
    public static String of(Plan plan) {
        return text(out -> write(plan, out));
    }

    /** Of the work alone, whatever it is called and wherever it runs. */
    public static String ofContent(Work work) {
        return text(out -> writeContent(work, out));
    }

    /** What {@link #of} gives, without holding it: a plan may be large. */
    static void write(Plan plan, OutputStream out) {
        var migration = plan.migration();
        new ChecksumText(out)
                .field("scope", migration.scope())
                .field("kind", migration.kind().name())
                .field("name", migration.name())
                .work(plan.work());
    }

    /** What {@link #ofContent} gives, likewise. */
    static void writeContent(Work work, OutputStream out) {
        new ChecksumText(out).work(work);
    }

    private static String text(Consumer<OutputStream> content) {
        var bytes = new ByteArrayOutputStream();
        content.accept(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * Left out: names of steps and the verify query, which change nothing in the database; queries of holds, which only
     * make it wait; exit codes, which only say whether to try again.
     */
    private void work(Work work) {
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
    }

    private void over(Work.Over over) {
        field("table", over.table());
        for (var column : over.key()) field("key", column);
        field("as", over.as());
        field("query", over.query());
    }

    private ChecksumText field(String name, @Nullable Object value) {
        if (value == null) return this;
        var bytes = value.toString().getBytes(StandardCharsets.UTF_8);
        write((name + " " + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
        write(bytes);
        write(new byte[] {'\n'});
        return this;
    }

    private void write(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory and digests do not fail to be written", e);
        }
    }
}
