package dev.cairn.plan;

import java.nio.file.Path;

/** The files of a Job's container, and the port where it answers. Operator and runner both use these constants. */
public final class Mounts {
    /** Parts of the gzipped {@link Plan}, to be joined in order: {@code plan-000.gz}, {@code plan-001.gz}, … */
    public static final Path PLAN = Path.of("/cairn/plan");

    /** A folder with {@link #QUESTION_FILE}, in the pod of a Job that only reads the ledger. */
    public static final Path QUESTION = Path.of("/cairn/question");

    /** A {@link LedgerQuestion}, gzipped. */
    public static final String QUESTION_FILE = "question.gz";

    /** The first argument of a runner that only reads the ledger; the second one is the question's hash. */
    public static final String READ_LEDGER = "read-ledger";

    /** A folder with {@link #SETTINGS_FILE}; Kubernetes replaces its content when the ConfigMap changes. */
    public static final Path SETTINGS = Path.of("/cairn/settings");

    /** {@link Settings} as JSON. */
    public static final String SETTINGS_FILE = "settings.json";

    /** The target's Secret, a file for each key; empty while the Secret does not exist. */
    public static final Path SECRET = Path.of("/cairn/secret");

    /** A folder for each Secret of a replica, named like it; the folder is empty while its Secret does not exist. */
    public static final Path REPLICAS = Path.of("/cairn/replicas");

    /** The file with the certificate authority, where one is configured; missing while its Secret is missing. */
    public static final Path ROOT_CERT = Path.of("/cairn/ca/ca.crt");

    /** The folder through which a user's container and the runner beside it exchange files. Only such pods have it. */
    public static final Path RUN = Path.of("/cairn/run");

    /** The program that starts the user's command, in the runner's image. */
    public static final Path LAUNCHER_IN_IMAGE = Path.of("/app/launch");

    /** The same program, in the user's container. */
    public static final Path LAUNCHER = RUN.resolve("launch");

    /** The file for the {@link Outcome}. */
    public static final Path TERMINATION_LOG = Path.of("/dev/termination-log");

    /** {@code GET /progress} answers {@link Progress} as JSON, {@code GET /metrics} the same for Prometheus. */
    public static final int PORT = 8080;

    /** The environment variable that carries the image's name, for the ledger. */
    public static final String IMAGE_VARIABLE = "CAIRN_IMAGE";

    /** The environment variable that carries the pod's name, for the ledger and for {@code application_name}. */
    public static final String POD_VARIABLE = "CAIRN_POD";

    /** The container whose exit status is an {@link ExitCode}. */
    public static final String CONTAINER = "migration";

    /** The runner's container beside a user's container: a native sidecar. */
    public static final String SIDECAR = "checkpoint";

    private Mounts() {}

    /** Where the Secret of a replica is, a file for each key. */
    public static Path replica(String secret) {
        return REPLICAS.resolve(secret);
    }

    /** The name of the n-th part of a plan, counted from 0. */
    public static String planPart(int n) {
        return "plan-%03d.gz".formatted(n);
    }
}
