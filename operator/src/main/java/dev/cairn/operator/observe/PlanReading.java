package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.operator.decide.Observation;
import dev.cairn.operator.decide.Observation.PlanSeen;
import dev.cairn.operator.job.AllowedImages;
import dev.cairn.operator.job.JobManifest;
import dev.cairn.operator.job.Names;
import dev.cairn.operator.job.PlanBuilder;
import dev.cairn.operator.job.PlanSize;
import dev.cairn.operator.job.SettingsMapper;
import dev.cairn.plan.Identity;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the plan of a spec. */
public final class PlanReading {
    private final ConfigMapSource configMaps;
    private final Watches watches;
    private final MadePlans made = new MadePlans();
    private final PlanRoom room;

    /** @param room taken by a pass with a large plan, and left at the end of the pass */
    public PlanReading(ConfigMapSource configMaps, Watches watches, PlanRoom room) {
        this.configMaps = configMaps;
        this.watches = watches;
        this.room = room;
    }

    /** Reads users' ConfigMaps live: a plan must not come from outdated contents. */
    @FunctionalInterface
    public interface ConfigMapSource {
        /** A ConfigMap, empty where there is none. */
        Optional<Source> read(String namespace, String name);
    }

    /**
     * A ConfigMap.
     *
     * @param version the API server's, which changes with each write
     * @param data its keys and texts
     */
    public record Source(String version, Map<String, String> data) {}

    /** The watches of users' ConfigMaps. */
    public interface Watches {
        /** Watches the ConfigMaps of a namespace from now on. */
        void watch(String namespace);

        /** The last known version of a ConfigMap, empty where unknown. */
        Optional<String> version(String namespace, String name);
    }

    /**
     * The result.
     *
     * @param seen for the decision
     * @param plan the plan, null where none could be made
     * @param settings the settings, null where they are unusable
     */
    record Read(
            PlanSeen seen, @Nullable Plan plan, @Nullable Settings settings) {
        static final Read NOTHING = new Read(new Observation.NotPlanned(), null, null);
    }

    /** Only the settings, for a Job that already has its plan. */
    static Read settings(Migration migration, MigrationTargetSpec target, List<Identity> dependsOn) {
        try {
            var settings = SettingsMapper.settings(migration, target).with(dependsOn);
            return new Read(new Observation.NotPlanned(), null, settings);
        } catch (IllegalArgumentException e) {
            return Read.NOTHING;
        }
    }

    /**
     * The plan. It has no text if the migration is Applied with it and the watch shows that its ConfigMaps are
     * unchanged. A later change in the watch triggers another pass.
     */
    Read readAgain(Migration migration, MigrationTargetSpec target, List<Identity> dependsOn) {
        var namespace = migration.getMetadata().getNamespace();
        var versions = PlanBuilder.sources(migration).stream()
                .flatMap(name -> watches.version(namespace, name).stream())
                .toList();
        return made.unchanged(migration, target.scope(), versions)
                .map(hash -> new Observation.Planned(hash, Names.job(migration, hash)))
                .map(planned -> new Read(
                        planned, null, settings(migration, target, dependsOn).settings()))
                .orElseGet(() -> read(migration, target, dependsOn));
    }

    /** @throws PlanRoom.TakenException if it is large, and another pass has the room for large plans */
    Read read(Migration migration, MigrationTargetSpec target, List<Identity> dependsOn) {
        return read(migration, target, dependsOn, true);
    }

    /** The plan if it is small. A large plan is not made and not held in memory. */
    Read readSmall(Migration migration, MigrationTargetSpec target) {
        return read(migration, target, List.of(), false);
    }

    private Read read(Migration migration, MigrationTargetSpec target, List<Identity> dependsOn, boolean large) {
        var namespace = migration.getMetadata().getNamespace();
        var sources = new LinkedHashMap<String, Map<String, String>>();
        var versions = new ArrayList<String>();
        var size = new PlanSize();
        for (var name : PlanBuilder.sources(migration)) {
            watches.watch(namespace); // before the read, so that no change is missed
            var content = configMaps.read(namespace, name);
            if (content.isEmpty()) return new Read(new Observation.PlanIncomplete("ConfigMap/" + name), null, null);
            var files = PlanBuilder.files(content.get().data());
            versions.add(content.get().version());
            try {
                size.add(name, files);
            } catch (IllegalArgumentException e) {
                return new Read(new Observation.PlanInvalid(String.valueOf(e.getMessage())), null, null);
            }
            if (size.bytes() > PlanSize.SMALL) {
                if (!large) return Read.NOTHING;
                room.take(namespace);
            }
            sources.put(name, files);
        }
        try {
            var settings = SettingsMapper.settings(migration, target);
            var plan = PlanBuilder.plan(migration, target.scope(), sources)
                    .estimatedWith(JobManifest.settingsHash(settings));
            AllowedImages.require(plan.work(), migration.spec().targetRef().name(), target);
            var planned = new Observation.Planned(plan.hash(), Names.job(migration, plan.hash()));
            if (!versions.isEmpty()) made.add(migration, target.scope(), versions, plan.hash());
            return new Read(planned, plan, settings.with(dependsOn));
        } catch (IllegalArgumentException e) {
            return new Read(new Observation.PlanInvalid(String.valueOf(e.getMessage())), null, null);
        }
    }
}
