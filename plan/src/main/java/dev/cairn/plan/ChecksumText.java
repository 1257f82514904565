package dev.cairn.plan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What runs, as a text. A user can compute its SHA-256: {@code docs/concepts/checksums.md} describes it. The text of a
 * plan must never change. A change is another format, with another number in the first line.
 *
 * <p>A field is a line with its name and its length in bytes of UTF-8. Its value and a line feed follow. So no value
 * can look like the next field. Fields that are not set are left out.
 */
public final class ChecksumText {
    private final OutputStream out;

    private ChecksumText(OutputStream out) {
        this.out = out;
        write("cairn 2\n".getBytes(StandardCharsets.UTF_8));
    }

    /** The text of a plan. Its dry run has the same text. */
    public static String of(Plan plan) {
        return text(out -> write(plan, out));
    }

    /** The text of the work alone, without scope, kind and name. */
    public static String ofContent(Work work) {
        return text(out -> writeContent(work, out));
    }

    /** Writes what {@link #of} returns, without a copy in memory: a plan may be large. */
    static void write(Plan plan, OutputStream out) {
        var migration = plan.migration();
        new ChecksumText(out)
                .field("scope", migration.scope())
                .field("kind", migration.kind().name())
                .field("name", migration.name())
                .work(plan.work());
    }

    /** Writes what {@link #ofContent} returns, without a copy in memory. */
    static void writeContent(Work work, OutputStream out) {
        new ChecksumText(out).work(work);
    }

    private static String text(Consumer<OutputStream> content) {
        var bytes = new ByteArrayOutputStream();
        content.accept(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * Leaves out what changes nothing in the database. Names of steps and the verify query change nothing. Queries of
     * holds only make it wait. Exit codes only say whether to try again.
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
