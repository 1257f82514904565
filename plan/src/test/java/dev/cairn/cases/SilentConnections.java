package dev.cairn.cases;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections to a server of this machine that begin a request, or do not even begin it, and say nothing more. */
public final class SilentConnections implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    /** Opens so many. */
    public static SilentConnections open(int port, int count) throws IOException {
        var connections = new SilentConnections();
        for (int i = 0; i < count; i++) {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            connections.sockets.add(socket);
            if (i % 2 == 0) socket.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
        }
        return connections;
    }

    @Override
    public void close() throws IOException {
        for (var socket : sockets) socket.close();
    }
}
