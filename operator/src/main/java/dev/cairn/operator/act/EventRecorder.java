package dev.cairn.operator.act;

import dev.cairn.operator.job.Names;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events: one object for each UID, reason and message, with a count. Events are optional: a failed
 * write is logged and stops nothing else.
 */
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int LONGEST_MESSAGE = 1000;
    private static final int LONGEST_NAME = 200;

    private final KubernetesClient client;
    private final InstantSource clock;

    public EventRecorder(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Records an Event about an object.
     *
     * @param warning whether a person must act
     */
    public void record(HasMetadata object, boolean warning, String reason, String message) {
        var event = event(object, warning, reason, cut(message));
        try {
            client.v1().events().resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) again(event);
            else
                LOG.warn(
                        "Event {} for {} was not recorded: {}",
                        reason,
                        object.getMetadata().getName(),
                        e.getMessage());
        }
    }

    private void again(Event event) {
        try {
            client.v1()
                    .events()
                    .inNamespace(event.getMetadata().getNamespace())
                    .withName(event.getMetadata().getName())
                    .edit(existing -> new EventBuilder(existing)
                            .withCount((existing.getCount() == null ? 1 : existing.getCount()) + 1)
                            .withLastTimestamp(event.getLastTimestamp())
                            .build());
        } catch (KubernetesClientException e) {
            LOG.warn("Event {} was not counted: {}", event.getMetadata().getName(), e.getMessage());
        }
    }

    private Event event(HasMetadata object, boolean warning, String reason, String message) {
        var meta = object.getMetadata();
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var name = meta.getName()
                .substring(0, Math.min(LONGEST_NAME, meta.getName().length()));
        return new EventBuilder()
                .withNewMetadata()
                .withName(name + "."
                        + Names.digest(meta.getUid() + "\n" + reason + "\n" + message)
                                .substring(0, 16))
                .withNamespace(meta.getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(object.getApiVersion())
                .withKind(object.getKind())
                .withName(meta.getName())
                .withNamespace(meta.getNamespace())
                .withUid(meta.getUid())
                .withResourceVersion(meta.getResourceVersion())
                .endInvolvedObject()
                .withType(warning ? "Warning" : "Normal")
                .withReason(reason)
                .withMessage(message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(Upkeep.FIELD_MANAGER)
                .endSource()
                .withReportingComponent(Upkeep.FIELD_MANAGER)
                .build();
    }

    private static String cut(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
    }
}
