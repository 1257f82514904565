package dev.cairn.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The network between a runner and its server. It can cut the runner off while the server hears nothing of it, keep
 * answers to itself, drop everything without a word, and lead to another server.
 */
public final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final List<Socket> servers = new CopyOnWriteArrayList<>();
    private final Set<Socket> unanswered = ConcurrentHashMap.newKeySet();
    private final Set<Socket> deaf = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean drops;

    /** @param port of the server on this machine */
    public Relay(int port) {
        this.target = port;
        try {
            this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** New connections lead there. */
    public void leadTo(int port) {
        target = port;
    }

    /** How many connections came, those that were cut left out. */
    public int connections() {
        return clients.size();
    }

    /** What servers answer on the connections of now is lost from here on. */
    public void loseAnswers() {
        unanswered.addAll(clients);
    }

    /** The clients of now are cut off; their servers wait, and go on with what they do. New ones get through. */
    public void cut() {
        var cutOff = List.copyOf(clients);
        clients.clear();
        cutOff.forEach(Relay::close);
        unanswered.clear();
    }

    /** From here on nothing gets through in either direction, new connections included; nobody is told. */
    public void drop() {
        drops = true;
    }

    /** New connections get through again. Of those from before, the servers notice that their clients are gone. */
    public void dropNoMore() {
        unanswered.addAll(clients);
        deaf.addAll(clients);
        servers.forEach(Relay::close);
        drops = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                clients.add(client);
                if (drops) continue;
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                servers.add(server);
                daemon(() -> forward(client, server));
                daemon(() -> backward(server, client));
            } catch (IOException e) {
                // Closed, or the server is not there: the client sees it.
                if (!clients.isEmpty()) close(clients.getLast());
            }
        }
    }

    /** The end of a client that was cut off is not told. */
    private void forward(Socket client, Socket server) {
        try {
            var buffer = new byte[65_536];
            for (int n = client.getInputStream().read(buffer);
                    n >= 0;
                    n = client.getInputStream().read(buffer))
                if (!drops && !deaf.contains(client)) server.getOutputStream().write(buffer, 0, n);
            if (clients.contains(client) && !drops && !deaf.contains(client)) close(server);
        } catch (IOException e) {
            if (clients.contains(client)) close(server);
        }
    }

    private void backward(Socket server, Socket client) {
        var buffer = new byte[65_536];
        try {
            for (int n = server.getInputStream().read(buffer);
                    n >= 0;
                    n = server.getInputStream().read(buffer))
                if (!drops && !unanswered.contains(client) && clients.contains(client))
                    client.getOutputStream().write(buffer, 0, n);
        } catch (IOException e) {
            if (clients.contains(client)) close(server);
        } finally {
            close(client);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread.ofPlatform().daemon().start(work);
    }

    @Override
    public void close() throws IOException {
        door.close();
        clients.forEach(Relay::close);
        servers.forEach(Relay::close);
    }
}
