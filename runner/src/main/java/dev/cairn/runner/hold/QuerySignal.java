package dev.cairn.runner.hold;

import dev.cairn.plan.HoldCondition;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.sql.Script;
import dev.cairn.runner.sql.SqlRefused;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Set;

/** The result of a query: one boolean or one number. */
final class QuerySignal implements Signal {
    /** The driver's types. For a type's name the driver would query the catalogue if the column is one of a table. */
    private static final Set<Integer> NUMBERS =
            Set.of(Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.REAL, Types.DOUBLE);

    private final HoldCondition.Query hold;
    private final boolean approved;

    /** @param approved whether the plan has the query, or is not required to have it */
    QuerySignal(HoldCondition.Query hold, boolean approved) {
        this.hold = hold;
        this.approved = approved;
    }

    @Override
    public Reading read(Connection primary) throws SQLException {
        if (!approved)
            return new Reading.Unknown(
                    "it is not in the plan that has started: restore the query, or suspend this hold");
        try {
            // A second statement could end the read-only transaction.
            if (Script.of(hold.sql()).statements().size() != 1)
                return new Reading.Unknown("it is not one query" + SignalPoller.WAY_OUT);
        } catch (SqlRefused e) {
            return new Reading.Unknown(e.getMessage() + SignalPoller.WAY_OUT);
        }
        try (var statement = primary.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setMaxRows(2);
            try (var rows = statement.executeQuery(hold.sql())) {
                return only(rows);
            }
        } catch (SQLException e) {
            throw SqlFailures.ofStatement(hold.sql(), e);
        }
    }

    private Reading only(ResultSet rows) throws SQLException {
        if (rows.getMetaData().getColumnCount() != 1) return unusable("several columns");
        if (!rows.next()) return unusable("no row");
        var reading = value(rows, rows.getMetaData().getColumnType(1));
        return rows.next() ? unusable("several rows") : reading;
    }

    private Reading value(ResultSet rows, int type) throws SQLException {
        if (rows.getObject(1) == null) return unusable("NULL");
        if (type == Types.BIT) return new Reading.Flag(rows.getBoolean(1));
        if (!NUMBERS.contains(type)) return unusable("a " + rows.getMetaData().getColumnTypeName(1));
        BigDecimal value = rows.getBigDecimal(1);
        return new Reading.Amount(value);
    }

    private Reading unusable(String what) {
        return new Reading.Unknown(
                "it returned " + what + " instead of one boolean or one number" + SignalPoller.WAY_OUT);
    }
}
