package dev.cairn.e2e.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker save} would write.
 *
 * @param config the image's configuration
 * @param modes permissions of the files of all layers, by path
 */
record ImageArchive(JsonNode config, Map<String, Integer> modes) {
    static ImageArchive read(Path archive) throws IOException {
        var modes = new HashMap<String, Integer>();
        @Nullable JsonNode config = null;
        try (var tar = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                if (entry.getName().equals("config.json")) config = new ObjectMapper().readTree(tar.readAllBytes());
                if (entry.getName().endsWith(".tar.gz")) readLayer(tar, modes);
            }
        }
        if (config == null) throw new IOException(archive + " has no config.json");
        return new ImageArchive(config, modes);
    }

    /** The layer's stream ends with its entry, and stays open for the next one. */
    @SuppressWarnings("resource")
    private static void readLayer(InputStream compressed, Map<String, Integer> modes) throws IOException {
        var layer = new TarArchiveInputStream(new GZIPInputStream(compressed));
        for (TarArchiveEntry entry; (entry = layer.getNextEntry()) != null; ) {
            if (entry.isFile()) modes.put(entry.getName(), entry.getMode() & 0777);
        }
    }
}
