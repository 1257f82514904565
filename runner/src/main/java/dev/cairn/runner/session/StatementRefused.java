package dev.cairn.runner.session;

import java.io.Serial;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The server's failure, with the text of the statement: a name in that text does not come from a row. */
final class StatementRefused extends PSQLException {
    @Serial
    private static final long serialVersionUID = 1;

    private final @Nullable String statement;

    private StatementRefused(@Nullable String statement, ServerErrorMessage said, PSQLException cause) {
        super(said, false);
        this.statement = statement;
        initCause(cause);
    }

    /** @param statement null where no statement was sent yet */
    static SQLException of(@Nullable String statement, SQLException e) {
        if (e instanceof StatementRefused || !(e instanceof PSQLException server)) return e;
        var said = server.getServerErrorMessage();
        return said == null ? e : new StatementRefused(statement, said, server);
    }

    /** The statement; null where none was sent yet, so that nothing can come from a row. */
    @Nullable
    String statement() {
        return statement;
    }
}
