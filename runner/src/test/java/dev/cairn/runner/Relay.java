package dev.cairn.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The network between a runner and its server. It can cut the runner off while the server hears nothing of it, keep
 * answers to itself, drop everything without a word, and lead to another server.
 */
public final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final List<Socket> servers = new CopyOnWriteArrayList<>();
    private final Set<Socket> unanswered = ConcurrentHashMap.newKeySet();
    private final Set<Socket> committed = ConcurrentHashMap.newKeySet();
    private final Set<Socket> deaf = ConcurrentHashMap.newKeySet();
    private final AtomicInteger commits = new AtomicInteger();
    private volatile int target;
    private volatile boolean drops;
    private volatile int lostCommit;
    private volatile @Nullable CommitLoss loss;

    /** How a connection dies at a commit; the client cannot tell one from the other. */
    public enum CommitLoss {
        /** The server never gets it, and rolls back. */
        NotCommitted,
        /** The server commits, and does not notice that nobody hears its answer. */
        Committed
    }

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

    /**
     * The connection that sends this commit dies with it.
     *
     * @param nth over all connections, from 1
     */
    public void loseCommit(int nth, CommitLoss how) {
        lostCommit = nth;
        loss = how;
    }

    /** How many commits came, over all connections. */
    public int commits() {
        return commits.get();
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
                    n = client.getInputStream().read(buffer)) {
                if (isLostCommit(buffer, n)) {
                    if (loss == CommitLoss.NotCommitted) break;
                    committed.add(client);
                    clients.remove(client);
                }
                if (!drops && !deaf.contains(client)) server.getOutputStream().write(buffer, 0, n);
            }
            if (clients.contains(client) && !drops && !deaf.contains(client)) close(server);
        } catch (IOException e) {
            if (clients.contains(client)) close(server);
        }
    }

    /** The driver sends one in a message of its own. */
    private boolean isLostCommit(byte[] buffer, int length) {
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT\0")
                && commits.incrementAndGet() == lostCommit;
    }

    private void backward(Socket server, Socket client) {
        var buffer = new byte[65_536];
        try {
            for (int n = server.getInputStream().read(buffer);
                    n >= 0 && !committed.contains(client);
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
