package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.crds.Phase;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The versions of the ConfigMaps from which each plan was made. So a pass for an Applied migration does not read
 * unchanged ConfigMaps again. Thread-safe.
 */
final class MadePlans {
    /** The most plans. Beyond it, the plans that were not used for the longest time are forgotten and read again. */
    private static final int MOST = 20_000;

    private final Map<String, Made> byUid = Collections.synchronizedMap(new Latest());

    private record Made(Long generation, String scope, List<String> versions, String hash) {}

    private static final class Latest extends LinkedHashMap<String, Made> {
        Latest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Made> eldest) {
            return size() > MOST;
        }
    }

    /** @param versions of its ConfigMaps at the time of the read, in the spec's order */
    void add(Migration migration, String scope, List<String> versions, String hash) {
        var meta = migration.getMetadata();
        byUid.put(meta.getUid(), new Made(meta.getGeneration(), scope, List.copyOf(versions), hash));
    }

    /**
     * The hash of the plan, if the migration is Applied with this plan and nothing has changed.
     *
     * @param versions the present versions of its ConfigMaps
     */
    Optional<String> unchanged(Migration migration, String scope, List<String> versions) {
        var status = migration.status();
        if (status == null || status.phase() != Phase.Applied || status.contentHash() == null) return Optional.empty();
        var meta = migration.getMetadata();
        return Optional.ofNullable(byUid.get(meta.getUid()))
                .filter(made -> made.equals(new Made(meta.getGeneration(), scope, versions, made.hash())))
                .map(Made::hash)
                .filter(hash -> hash.equals(status.planHash()));
    }
}
