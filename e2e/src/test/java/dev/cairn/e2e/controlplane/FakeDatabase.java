package dev.cairn.e2e.controlplane;

import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.Reason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A database that keeps a ledger: what is applied is in it from then on. */
final class FakeDatabase implements StandInKubelet.Script {
    final Set<String> applied = ConcurrentHashMap.newKeySet();
    final Set<String> others = ConcurrentHashMap.newKeySet();
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger readings = new AtomicInteger();
    final AtomicBoolean unreachable = new AtomicBoolean();

    @Override
    public PodRun run(String migration, int attempt) {
        runs.incrementAndGet();
        return applied.add(migration) ? PodRun.applied() : PodRun.ends(Reason.AlreadyApplied, "It was applied.");
    }

    @Override
    public PodRun read(LedgerQuestion question) {
        readings.incrementAndGet();
        if (unreachable.get()) return PodRun.ends(Reason.ConnectionLost, "cannot connect: no route to host.");
        return new PodRun.Answers(LedgerAnswer.to(
                question,
                question.entries().stream()
                        .map(entry -> state(entry.kind() + "/" + entry.name()))
                        .toList()));
    }

    private LedgerState state(String migration) {
        if (others.contains(migration)) return LedgerState.OtherChecksum;
        return applied.contains(migration) ? LedgerState.Applied : LedgerState.Absent;
    }
}
