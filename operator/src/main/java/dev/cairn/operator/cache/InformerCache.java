package dev.cairn.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cached objects of one kind, in all watched namespaces. Objects are shared: never change them. */
public final class InformerCache<T extends HasMetadata> {
    private static final Logger LOG = LoggerFactory.getLogger(InformerCache.class);

    /**
     * The most objects in one page of a list. Each may have 1.5 MB, and the parser needs several times the size of a
     * page.
     */
    public static final long PAGE = 10;

    private final List<One<T>> sources;

    /** Objects that this process wrote and the watch has not returned yet, by namespace and name. */
    private final Map<String, T> written = new ConcurrentHashMap<>();

    private final Kept<T> kept;

    /**
     * A source of objects to watch.
     *
     * @param namespace null for all namespaces at once
     */
    record Source<T>(@Nullable String namespace, Informable<T> objects) {}

    /**
     * @param refused fails when the server refuses the first list: the namespace is gone, or the right to list it is
     *     missing
     */
    private record One<T extends HasMetadata>(
            @Nullable String namespace, SharedIndexInformer<T> informer, CompletableFuture<Void> refused) {
        boolean isServed() {
            return informer.hasSynced() && informer.isRunning();
        }
    }

    /**
     * @param json packs the objects
     * @param sources what to watch, one for each namespace (or one for all)
     * @param indexes functions from an object to the keys by which {@link #by} finds it
     * @param kept what to keep of the objects
     */
    public InformerCache(
            KubernetesSerialization json,
            List<Source<T>> sources,
            Map<String, Function<T, List<String>>> indexes,
            Kept<T> kept) {
        this.kept = kept;
        this.sources =
                sources.stream().map(source -> observe(source, indexes, json)).toList();
        onChange(this::caughtUp);
    }

    private One<T> observe(
            Source<T> source, Map<String, Function<T, List<String>>> indexes, KubernetesSerialization json) {
        var refused = new CompletableFuture<Void>();
        var informer = source.objects()
                .withLimit(PAGE)
                .runnableInformer(0)
                .itemStore(new CompactStore<>(kept, json))
                .addIndexers(guarded(indexes))
                .exceptionHandler((started, failure) -> {
                    if (!started && isRefusal(failure)) refused.completeExceptionally(failure);
                    return true;
                });
        return new One<>(source.namespace(), informer, refused);
    }

    /** An object that is not kept must not be in an index either. */
    private Map<String, Function<T, List<String>>> guarded(Map<String, Function<T, List<String>>> indexes) {
        var guarded = new HashMap<String, Function<T, List<String>>>();
        indexes.forEach(
                (name, keys) -> guarded.put(name, object -> kept.ours().test(object) ? keys.apply(object) : List.of()));
        return guarded;
    }

    /**
     * Lists all objects and starts the watches. It waits until the lists are there, also while the API server is
     * unreachable. It leaves out a namespace whose list is refused, and retries that list from time to time.
     *
     * @throws KubernetesClientException if all namespaces are watched at once and the API server refuses that
     */
    public void start() {
        var started = sources.stream()
                .map(source -> source.informer().start().toCompletableFuture())
                .toList();
        for (int n = 0; n < sources.size(); n++) {
            var source = sources.get(n);
            CompletableFuture.anyOf(started.get(n), source.refused().exceptionally(refusal -> null))
                    .join();
            if (!started.get(n).isDone()) leaveOut(source);
        }
    }

    private static void leaveOut(One<?> source) {
        var refusal = source.refused().exceptionNow().getMessage();
        if (source.namespace() == null)
            throw new KubernetesClientException(
                    "%s cannot be listed: %s; give the operator's account the rights of its chart"
                            .formatted(source.informer(), refusal));
        LOG.warn(
                "{} cannot be listed, and is left out until it can: {}. If namespace {} is gone for good, take it out of watchNamespaces.",
                source.informer(),
                refusal,
                source.namespace());
    }

    private static boolean isRefusal(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof KubernetesClientException refusal
                && (refusal.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                        || refusal.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED
                        || refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND);
    }

    /** Calls the listener when a watch has ended for good. Otherwise its cache would become stale unnoticed. */
    public void onLoss(Consumer<Throwable> listener) {
        sources.forEach(source -> source.informer().stopped().whenComplete((nothing, failure) -> {
            if (failure != null) listener.accept(failure);
        }));
    }

    public void stop() {
        sources.forEach(source -> source.informer().stop());
    }

    /** The object of that name. */
    public Optional<T> get(String namespace, String name) {
        var key = namespace + "/" + name;
        return sources.stream()
                .flatMap(source ->
                        Stream.ofNullable(source.informer().getIndexer().getByKey(key)))
                .findFirst();
    }

    /** The object of that name, with this process's last write, also before the watch has returned it. */
    public Optional<T> latest(String namespace, String name) {
        var seen = get(namespace, name);
        var own = written.get(namespace + "/" + name);
        return own == null ? seen : seen.map(object -> isNewer(own, object) ? own : object);
    }

    /** Remembers an object that this process wrote, until the watch returns it. */
    public void wrote(T object) {
        kept.reduce(object);
        var meta = object.getMetadata();
        written.put(meta.getNamespace() + "/" + meta.getName(), object);
        // The watch may have been faster.
        get(meta.getNamespace(), meta.getName()).ifPresent(seen -> caughtUp(null, seen));
    }

    private void caughtUp(@Nullable T before, @Nullable T after) {
        var object = after == null ? before : after;
        if (object == null) return;
        var meta = object.getMetadata();
        written.computeIfPresent(
                meta.getNamespace() + "/" + meta.getName(),
                (key, own) -> after != null && isNewer(own, after) ? own : null);
    }

    /** Versions of one object are growing numbers. Where a server's versions are not, the watch decides. */
    private static boolean isNewer(HasMetadata own, HasMetadata seen) {
        try {
            return own.getMetadata().getUid().equals(seen.getMetadata().getUid())
                    && Long.parseUnsignedLong(own.getMetadata().getResourceVersion())
                            > Long.parseUnsignedLong(seen.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The objects with that key in the named index. */
    public Stream<T> by(String index, String key) {
        return sources.stream().flatMap(source -> source.informer().getIndexer().byIndex(index, key).stream());
    }

    /** All of them. */
    public Stream<T> all() {
        return sources.stream().flatMap(source -> source.informer().getStore().list().stream());
    }

    /** Whether every watch runs, except those of namespaces that are left out. */
    public boolean healthy() {
        return sources.stream()
                .allMatch(source -> source.isServed() || source.refused().isDone());
    }

    /**
     * Calls the listener with the object before and after each change. Before is null for a new object, after is null
     * for a deleted one.
     */
    public void onChange(BiConsumer<@Nullable T, @Nullable T> listener) {
        var handler = new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                if (isKept(object)) listener.accept(null, object);
            }

            @Override
            public void onUpdate(T before, T after) {
                listener.accept(before, isKept(after) ? after : null);
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                listener.accept(object, null);
            }
        };
        sources.forEach(source -> source.informer().addEventHandler(handler));
    }

    private boolean isKept(T object) {
        return kept.ours().test(object);
    }
}
