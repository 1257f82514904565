package dev.cairn.e2e.benchmark;

import dev.cairn.e2e.controlplane.PodRun;
import dev.cairn.e2e.controlplane.StandInKubelet;
import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.LedgerState;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Each pod applies its migration at once, and the ledger records it. Names must differ across targets. */
final class AppliesEach implements StandInKubelet.Script {
    private final Set<String> applied = ConcurrentHashMap.newKeySet();

    @Override
    public PodRun run(String migration, int attempt) {
        applied.add(migration);
        return PodRun.applied();
    }

    @Override
    public PodRun read(LedgerQuestion question) {
        return new PodRun.Answers(LedgerAnswer.to(
                question,
                question.entries().stream()
                        .map(entry -> applied.contains(entry.kind() + "/" + entry.name())
                                ? LedgerState.Applied
                                : LedgerState.Absent)
                        .toList()));
    }
}
