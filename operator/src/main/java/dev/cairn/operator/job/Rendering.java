package dev.cairn.operator.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a Job's pod besides its plan. Kubernetes never changes the pods of a Job. So where the inputs differ,
 * the Job is replaced as soon as it is not active.
 *
 * @param image of the runner
 * @param secret with the credentials
 * @param rootCert of the server, null for none
 * @param replicas the Secrets of replicas that holds ask
 * @param job the target's settings for pods, null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rendering(
        RunnerImage image,
        String secret,
        MigrationTargetSpec.@Nullable SecretKeyRef rootCert,
        List<String> replicas,
        MigrationTargetSpec.@Nullable Job job) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final int DIGITS = 16;

    static Rendering of(Migration migration, MigrationTargetSpec target, RunnerImage image) {
        var connection = target.connection();
        var cert = connection.sslRootCert();
        return new Rendering(
                image,
                connection.secretRef().name(),
                cert == null ? null : cert.secretKeyRef(),
                HoldMapper.replicas(migration, target),
                target.job());
    }

    /** Sixteen hexadecimal digits that change with any of the inputs. */
    public static String digest(Migration migration, MigrationTargetSpec target, RunnerImage image) {
        try {
            return Names.digest(JSON.writeValueAsString(of(migration, target, image)))
                    .substring(0, DIGITS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a target's settings came as JSON and have a JSON form", e);
        }
    }
}
