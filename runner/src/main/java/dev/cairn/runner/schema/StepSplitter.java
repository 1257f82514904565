package dev.cairn.runner.schema;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.sql.Script;
import dev.cairn.runner.sql.SqlRefused;
import dev.cairn.runner.sql.Statement;
import dev.cairn.runner.sql.TransactionMode;
import java.util.ArrayList;
import java.util.List;

/** Cuts steps into parts. A step without a statement that must run alone is one part. That is nearly every step. */
final class StepSplitter {
    private final List<Part> parts = new ArrayList<>();

    private StepSplitter() {}

    /** @throws MigrationFailure with {@link Reason#InvalidSpec} if a text cannot run as it is written */
    static List<Part> of(List<Work.Step> steps) {
        var all = new StepSplitter();
        for (int i = 0; i < steps.size(); i++)
            all.add(i, "step " + steps.get(i).name(), steps.get(i).sql());
        all.requireStatement("steps");
        return List.copyOf(all.parts);
    }

    /** @throws MigrationFailure as for steps, and if a statement cannot run in a transaction */
    static Part once(String sql) {
        var all = new StepSplitter();
        all.add(0, "sql", sql);
        all.requireStatement("sql");
        for (var part : all.parts) {
            if (part.nature().runsAlone())
                throw new MigrationFailure(
                        Reason.InvalidSpec,
                        "sql, " + part.statements().getFirst().place()
                                + ": this statement cannot run in the migration's transaction: "
                                + "make it a step of a SchemaMigration");
        }
        return all.parts.getFirst();
    }

    /** A step may be empty, as a file may. A migration without any statement is a mistake. */
    private void requireStatement(String name) {
        if (parts.stream().allMatch(part -> part.statements().isEmpty()))
            throw new MigrationFailure(
                    Reason.InvalidSpec, name + ": there is no statement here, only blanks or comments; write one");
    }

    private void add(int step, String name, String sql) {
        var groups = groups(name, sql);
        var settings = new ArrayList<Statement>();
        int first = 1;
        for (int i = 0; i < groups.size(); i++) {
            var statements = groups.get(i);
            var nature = statements.isEmpty()
                    ? new TransactionMode.InTransaction()
                    : statements.getFirst().nature();
            var partName = groups.size() == 1 ? name : name + ", part " + (i + 1) + " of " + groups.size();
            parts.add(new Part(
                    parts.size() + 1,
                    step,
                    first,
                    partName,
                    settings,
                    statements,
                    nature,
                    StatementDigest.of(statements)));
            first += statements.size();
            statements.stream().filter(Statement::setsSession).forEach(settings::add);
        }
    }

    /** At least one group: an empty step has its row in the ledger, too. */
    private static List<List<Statement>> groups(String name, String sql) {
        var groups = new ArrayList<List<Statement>>();
        boolean open = false;
        try {
            for (var statement : Script.of(sql).statements()) {
                boolean alone = statement.nature().runsAlone();
                if (alone || !open) groups.add(new ArrayList<>());
                groups.getLast().add(statement);
                open = !alone;
            }
        } catch (SqlRefused refused) {
            throw new MigrationFailure(Reason.InvalidSpec, name + ", " + refused.getMessage(), null, null, refused);
        }
        if (groups.isEmpty()) groups.add(List.of());
        return groups;
    }
}
