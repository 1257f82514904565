package dev.cairn.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cached objects of one kind, in all watched namespaces. Objects are shared: never change them. */
public final class Watched<T extends HasMetadata> {
    private static final long SYNC_SECONDS = 60;

    private final List<SharedIndexInformer<T>> informers;

    /**
     * @param sources what to watch, one for each namespace (or one for all)
     * @param indexes functions from an object to the keys by which {@link #by} finds it
     */
    Watched(List<? extends Informable<T>> sources, Map<String, Function<T, List<String>>> indexes) {
        informers = sources.stream()
                .map(source -> source.runnableInformer(0)
                        .addIndexers(indexes)
                        .exceptionHandler((started, failure) -> started)) // a start that fails ends the process
                .toList();
    }

    /** Lists everything and goes on watching. Waits until the list is there. */
    void start() {
        var started = informers.stream()
                .map(informer -> informer.start().toCompletableFuture())
                .toList();
        started.forEach(
                future -> future.orTimeout(SYNC_SECONDS, TimeUnit.SECONDS).join());
    }

    /** Calls when a watch has ended for good: its cache would grow stale without anybody noticing. */
    void onLoss(Consumer<Throwable> listener) {
        informers.forEach(informer -> informer.stopped().whenComplete((nothing, failure) -> {
            if (failure != null) listener.accept(failure);
        }));
    }

    void stop() {
        informers.forEach(SharedIndexInformer::stop);
    }

    /** The object of that name. */
    public Optional<T> get(String namespace, String name) {
        var key = namespace + "/" + name;
        return informers.stream()
                .flatMap(informer -> Stream.ofNullable(informer.getIndexer().getByKey(key)))
                .findFirst();
    }

    /** The objects for which the named index gave that key. */
    public Stream<T> by(String index, String key) {
        return informers.stream().flatMap(informer -> informer.getIndexer().byIndex(index, key).stream());
    }

    /** All of them. */
    public Stream<T> all() {
        return informers.stream().flatMap(informer -> informer.getStore().list().stream());
    }

    /** Whether every watch was established and is kept up. */
    public boolean healthy() {
        return informers.stream().allMatch(informer -> informer.hasSynced() && informer.isRunning());
    }

    /** Calls with the object before and after each change: before is null for a new one, after for a deleted one. */
    void onChange(BiConsumer<@Nullable T, @Nullable T> listener) {
        var handler = new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                listener.accept(null, object);
            }

            @Override
            public void onUpdate(T before, T after) {
                listener.accept(before, after);
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                listener.accept(object, null);
            }
        };
        informers.forEach(informer -> informer.addEventHandler(handler));
    }
}
