package dev.cairn.runner;

import dev.cairn.plan.ExitCode;
import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.ledger.LedgerReading;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.Reconnection;
import dev.cairn.runner.session.SqlFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The runner's other mode: it asks a target's ledger about many migrations and writes the answer as its termination
 * message. It writes nothing to the database, so it may be killed at any time.
 */
final class LedgerReader {
    /** Short, since the status of the target waits for the answer and the operator asks again. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RunnerEnvironment place;
    private final String expectedHash;

    /** @param expectedHash of the Job's question */
    LedgerReader(RunnerEnvironment place, String expectedHash) {
        this.place = place;
        this.expectedHash = expectedHash;
    }

    /**
     * Asks, and writes a {@link LedgerAnswer}. Where that fails it writes an {@link Outcome} with the reason.
     *
     * @return the exit status of the process
     */
    ExitCode run() {
        try {
            var answer = answer();
            Log.info("read the ledger for " + answer.states().length() + " migrations");
            return leave(answer.toTerminationMessage(), ExitCode.DONE);
        } catch (MigrationFailure e) {
            return leave(new Outcome(e.reason(), e.text(), e.sqlState(), e.hint(), Progress.NONE));
        } catch (SQLException e) {
            var failure = SqlFailures.failure("reading the ledger", e);
            return leave(
                    new Outcome(failure.reason(), failure.text(), failure.sqlState(), failure.hint(), Progress.NONE));
        } catch (Throwable e) {
            Log.defect("internal error", e);
            return leave(new Outcome(
                    Reason.InternalError,
                    "internal error, a defect of Cairn: " + e + "; the log has more",
                    null,
                    null,
                    Progress.NONE));
        }
    }

    private LedgerAnswer answer() throws IOException, SQLException {
        var question = LedgerQuestion.unzipped(
                Files.readAllBytes(place.at(Mounts.QUESTION).resolve(Mounts.QUESTION_FILE)));
        if (!question.hash().equals(expectedHash))
            throw new MigrationFailure(
                    Reason.InternalError,
                    "the mounted question is " + question.hash() + ", the Job asks " + expectedHash
                            + ": delete the Job, the operator creates it again");
        var settings = new SettingsFile(place.at(Mounts.SETTINGS).resolve(Mounts.SETTINGS_FILE));
        var connector =
                new Connector(place.at(Mounts.SECRET), place.at(Mounts.ROOT_CERT), settings, "cairn ledger reader");
        try (var connection =
                Reconnection.toRead(connector, new Tracker(), new Stop()).within(PATIENCE)) {
            var reading = new LedgerReading(settings.get().connection().ledgerSchema());
            return LedgerAnswer.to(question, reading.answer(connection, question));
        }
    }

    private ExitCode leave(Outcome outcome) {
        Log.info(outcome.reason() + ": " + outcome.message());
        return leave(outcome.toTerminationMessage(), outcome.reason().exitCode());
    }

    private ExitCode leave(String message, ExitCode code) {
        try {
            Files.writeString(place.at(Mounts.TERMINATION_LOG), message);
            return code;
        } catch (IOException e) {
            Log.info("no termination message: " + e);
            return ExitCode.TRY_AGAIN;
        }
    }
}
