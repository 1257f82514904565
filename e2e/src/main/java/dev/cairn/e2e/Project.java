package dev.cairn.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** The places and names of the parts of this project. */
public final class Project {
    private static final Properties PROPERTIES = properties();

    private Project() {}

    /** The folder of the parent pom. */
    public static Path root() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("helm/cairn/Chart.yaml"))) return folder;
        }
        throw new IllegalStateException("run this inside the project's folder");
    }

    /** The chart. */
    public static Path chart() {
        return root().resolve("helm/cairn");
    }

    /** A folder with the manifests of a story, such as {@code 01-messages-mood}. */
    public static Path example(String name) {
        return root().resolve("examples").resolve(name);
    }

    /** The common start of both images' names. */
    public static String imageRepository() {
        return PROPERTIES.getProperty("images");
    }

    /** The tag of both images. */
    public static String version() {
        return PROPERTIES.getProperty("version");
    }

    /** The image of the cluster that runs in Docker. */
    public static String k3sImage() {
        return PROPERTIES.getProperty("k3s");
    }

    /** The version of the PostgreSQL that databases run on, such as {@code 18.6.0}. */
    public static String postgresVersion() {
        return PROPERTIES.getProperty("postgres");
    }

    /** Where the build writes the archives of both images. */
    public static List<Path> archives() {
        var folder = root().resolve("images/target");
        return List.of(folder.resolve("cairn-runner.tar"), folder.resolve("cairn-operator.tar"));
    }

    /**
     * The archives of both images.
     *
     * @throws IllegalStateException if they were not built; the message says how
     */
    public static List<Path> imageArchives() {
        for (var archive : archives()) {
            if (!Files.exists(archive))
                throw new IllegalStateException("no " + archive + ": build the images with ./mvnw -Pimages package");
        }
        return archives();
    }

    private static Properties properties() {
        try (var in = Project.class.getResourceAsStream("project.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
