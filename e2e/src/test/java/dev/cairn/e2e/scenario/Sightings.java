package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Every version of the objects of one kind in a namespace while this was open, in the order of the changes. */
final class Sightings<T extends HasMetadata> implements AutoCloseable {
    private final List<T> versions = new CopyOnWriteArrayList<>();
    private final Watch watch;
    private volatile @Nullable WatcherException broken;

    private Sightings(KubernetesClient client, String namespace, Class<T> type) {
        watch = client.resources(type)
                .inNamespace(namespace)
                .withoutLabel(Labels.ROLE)
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, T object) {
                        if (action == Action.ADDED || action == Action.MODIFIED) versions.add(object);
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        broken = cause;
                    }
                });
    }

    /** Watches from now on; what is there already is seen first. */
    static <T extends HasMetadata> Sightings<T> open(KubernetesClient client, String namespace, Class<T> type) {
        return new Sightings<>(client, namespace, type);
    }

    /** All versions so far. */
    List<T> versions() {
        assertThat(broken).as("nothing was missed").isNull();
        return versions;
    }

    /** How many different objects there were. */
    long objects() {
        return versions().stream()
                .map(object -> object.getMetadata().getUid())
                .distinct()
                .count();
    }

    @Override
    public void close() {
        watch.close();
    }
}
