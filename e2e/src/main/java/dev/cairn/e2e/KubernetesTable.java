package dev.cairn.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table of {@code kubectl get}, requested from the API server as kubectl does.
 *
 * @param columns their names, without those that only {@code -o wide} shows
 * @param rows one text for each column
 */
public record KubernetesTable(List<String> columns, List<List<String>> rows) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies both. */
    public KubernetesTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * All objects of one of Cairn's kinds in a namespace.
     *
     * @param plural such as {@code datamigrations}
     */
    public static KubernetesTable get(KubernetesClient client, String namespace, String plural) {
        var path = "apis/cairn.dev/v1alpha1/namespaces/%s/%s".formatted(namespace, plural);
        var http = client.getHttpClient();
        var request = http.newHttpRequestBuilder()
                .uri(client.getMasterUrl() + path)
                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .build();
        var response = http.sendAsync(request, String.class).join();
        if (!response.isSuccessful())
            throw new IllegalStateException("GET " + path + " answered " + response.code() + ": " + response.body());
        try {
            return read(JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException("not a table: " + response.body(), e);
        }
    }

    /** The rows of both, under the same columns. */
    public KubernetesTable and(KubernetesTable other) {
        var both = new ArrayList<>(rows);
        both.addAll(other.rows);
        return new KubernetesTable(columns, both);
    }

    private static KubernetesTable read(JsonNode table) {
        var shown = new ArrayList<Integer>();
        var columns = new ArrayList<String>();
        for (int i = 0; i < table.get("columnDefinitions").size(); i++) {
            var column = table.get("columnDefinitions").get(i);
            if (column.get("priority").asInt() > 0) continue;
            shown.add(i);
            columns.add(column.get("name").asText().toUpperCase(Locale.ROOT));
        }
        var rows = new ArrayList<List<String>>();
        for (var row : table.get("rows")) {
            rows.add(shown.stream().map(i -> text(row.get("cells").get(i))).toList());
        }
        return new KubernetesTable(columns, rows);
    }

    private static String text(JsonNode cell) {
        return cell.isNull() ? "" : cell.asText();
    }
}
