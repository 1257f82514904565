package dev.cairn.runner.hold;

import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.HoldSignal.Unit;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads all signals in turn on one connection, and reconnects after a loss. A hold with a changed limit starts without
 * history. Not thread-safe.
 */
final class SignalPoller implements AutoCloseable {
    static final String WAY_OUT = "; suspend this hold to go on without it";

    private final Run run;
    private final Signals registry;
    private final Map<HoldCondition, Signal> signals = new LinkedHashMap<>();
    private final Map<HoldCondition, Hysteresis> gauges = new LinkedHashMap<>();
    private @Nullable Connection primary;

    /** Why there is no connection. */
    private String lost = "";

    SignalPoller(Run run, Work.Backfill work) {
        this.run = run;
        registry = new Signals(run.connector(), work);
    }

    /** The active holds, each with its value and its limit, in the order of the settings. */
    List<String> look(List<HoldCondition> holds) {
        var wanted = new LinkedHashSet<>(holds);
        gauges.keySet().retainAll(wanted);
        signals.entrySet().removeIf(entry -> {
            if (wanted.contains(entry.getKey())) return false;
            entry.getValue().close();
            return true;
        });
        if (wanted.isEmpty()) close();
        else connect();
        var held = new ArrayList<String>();
        for (var hold : wanted)
            gauges.computeIfAbsent(hold, SignalPoller::gauge).next(read(hold)).ifPresent(held::add);
        return List.copyOf(held);
    }

    /** Once for each read: sixteen attempts on a lost server would take minutes. */
    private void connect() {
        if (primary != null) return;
        try {
            primary = Probe.open(run.connector());
        } catch (MigrationFailure e) {
            lost = e.text();
        } catch (SQLException e) {
            lost = SqlFailures.text(e);
        }
    }

    private Reading read(HoldCondition hold) {
        var connection = primary;
        if (connection == null) return new Reading.Unknown("no connection to ask: " + lost);
        try {
            return Probe.guarded(connection, signals.computeIfAbsent(hold, registry::of)::read);
        } catch (SQLException e) {
            var kind = SqlFailures.kind(e);
            if ("25006".equals(e.getSQLState())) return new Reading.Unknown(told(hold, Kind.PERMANENT, e));
            if (kind == Kind.CONNECTION_LOST) lose(e);
            return new Reading.Unknown(told(hold, kind, e));
        }
    }

    private void lose(SQLException e) {
        close();
        lost = SqlFailures.text(e);
    }

    private static String told(HoldCondition hold, Kind kind, SQLException e) {
        if ("25006".equals(e.getSQLState())) return "it may only read: " + SqlFailures.text(e) + WAY_OUT;
        if ("42501".equals(e.getSQLState()) && !(hold instanceof HoldCondition.Query))
            return SqlFailures.text(e) + ": GRANT pg_monitor to the role of the target's Secret";
        return switch (kind) {
            case CONNECTION_LOST, ACCESS_DENIED, SERVER_FAULT -> "no connection to ask: " + SqlFailures.text(e);
            case CANCELLED, REPEAT ->
                "no answer in " + Probe.PATIENCE.toSeconds() + "s (" + SqlFailures.text(e) + "): make it cheaper";
            case PERMANENT -> SqlFailures.text(e) + (hold instanceof HoldCondition.Query ? WAY_OUT : "");
        };
    }

    private static Hysteresis gauge(HoldCondition hold) {
        return switch (hold) {
            case HoldCondition.Signal(var signal, var above, var _, var secret) ->
                new Hysteresis(
                        secret == null ? signal.label() : signal.label() + " of " + secret,
                        new Limit(BigDecimal.valueOf(above), signal.unit()));
            case HoldCondition.Query(var sql, var above, var _) ->
                new Hysteresis("query \"" + brief(sql) + "\"", new Limit(above, Unit.NUMBER));
            case HoldCondition.Unknown(var type) -> new Hysteresis(type, new Limit(null, Unit.NUMBER));
        };
    }

    private static String brief(String sql) {
        var line = sql.strip().replaceAll("\\s+", " ");
        return line.length() <= 60 ? line : line.substring(0, 59) + "…";
    }

    /** Closes all connections. The next read opens them again. Signals with a history start without it. */
    @Override
    public void close() {
        signals.values().forEach(Signal::close);
        signals.clear();
        Connector.close(primary);
        primary = null;
    }
}
