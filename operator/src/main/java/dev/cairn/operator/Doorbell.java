package dev.cairn.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;

/** Asks a controller to look at one of its resources again, because something else has changed. */
final class Doorbell<P extends HasMetadata> extends AbstractEventSource<Doorbell.Ring, P> {
    /** Nothing comes with a ring: what changed is found in the caches. */
    static final class Ring {}

    Doorbell() {
        super(Ring.class, "doorbell");
    }

    void ring(String namespace, String name) {
        // Before the controller listens, there is nobody to ask; it looks at everything once when it starts.
        if (isRunning()) getEventHandler().handleEvent(new Event(new ResourceID(name, namespace)));
    }

    @Override
    public Set<Ring> getSecondaryResources(P primary) {
        return Set.of();
    }
}
