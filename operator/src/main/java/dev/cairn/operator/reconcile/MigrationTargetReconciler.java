package dev.cairn.operator.reconcile;

import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.MigrationTargetStatus;
import dev.cairn.operator.act.EventRecorder;
import dev.cairn.operator.act.LedgerReaders;
import dev.cairn.operator.act.Refusals;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.leader.WriteGate;
import dev.cairn.operator.observe.TargetQueue;
import dev.cairn.operator.reconcile.ReconcileLoop.Next;
import dev.cairn.operator.report.TargetReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the migrations of a MigrationTarget, and starts the Jobs that read its ledger. The migrations do the work. */
public final class MigrationTargetReconciler implements ReconcileLoop.Look {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationTargetReconciler.class);
    private static final Duration AFTER_A_CONFLICT = Duration.ofSeconds(1);

    private final ClusterCache cache;
    private final StatusWriter<MigrationTargetStatus, MigrationTarget> writer;
    private final EventRecorder events;
    private final LedgerReaders readers;
    private final InstantSource clock;

    public MigrationTargetReconciler(
            ClusterCache cache,
            LedgerReaders readers,
            StatusWriter<MigrationTargetStatus, MigrationTarget> writer,
            EventRecorder events,
            InstantSource clock) {
        this.cache = cache;
        this.readers = readers;
        this.writer = writer;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Next at(ObjectKey key, int failuresBefore) {
        var found = cache.targets().latest(key.namespace(), key.name());
        if (found.isEmpty()) return new Next.Never();
        try {
            return reconcile(found.get());
        } catch (WriteGate.ClosedException e) {
            LOG.debug("{}: {}", key, e.getMessage());
            return new Next.AfterFailure();
        } catch (RuntimeException e) {
            LOG.warn("{} was not reconciled", key, e);
            if (failuresBefore > 0 || !Refusals.mayPassAtOnce(e))
                events.record(
                        found.get(), true, Refusals.REASON, Refusals.cause(e).message("MigrationTarget/" + key.name()));
            return new Next.AfterFailure();
        }
    }

    private Next reconcile(MigrationTarget target) {
        var meta = target.getMetadata();
        var migrations = cache.onTarget(meta.getNamespace(), meta.getName())
                .sorted(TargetQueue.ORDER)
                .toList();
        var tended = readers.tend(target, migrations);
        var now = clock.instant();
        var status = TargetReport.status(
                target,
                migrations,
                tended.reach(),
                tended.round().connection(),
                tended.round().request(),
                now);
        var again = tended.again();
        if (!status.equals(target.getStatus())) again = earlier(again, report(target, status, now));
        return again.<Next>map(Next.After::new).orElseGet(Next.Whenever::new);
    }

    /** @return the pause before the next pass, empty if the status is written */
    private Optional<Duration> report(MigrationTarget target, MigrationTargetStatus status, Instant now) {
        if (!TargetReport.isDue(target.getStatus(), status, StatusWriter.lastWritten(target), now))
            return Optional.of(TargetReport.BETWEEN_COUNTS);
        return writer.write(target, status) ? Optional.empty() : Optional.of(AFTER_A_CONFLICT);
    }

    private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
        return Stream.concat(one.stream(), other.stream()).min(Duration::compareTo);
    }
}
