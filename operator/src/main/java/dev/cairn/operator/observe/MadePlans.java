package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.crds.Phase;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From which versions of its ConfigMaps the plan of a migration was made, so that one that is Applied is not read again for
 * nothing each time that it is looked at. Thread-safe.
 */
final class MadePlans {
    /** Those that were not looked at for the longest time are forgotten, and read again. */
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

    /** @param versions of its ConfigMaps as they were read, in the spec's order */
    void add(Migration migration, String scope, List<String> versions, String hash) {
        var meta = migration.getMetadata();
        byUid.put(meta.getUid(), new Made(meta.getGeneration(), scope, List.copyOf(versions), hash));
    }

    /**
     * The hash of the plan, where the migration is Applied with just that and nothing of it has changed.
     *
     * @param versions of its ConfigMaps as they are now
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
