package dev.cairn.runner.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Makes sockets that notice within half a minute that the other side is gone, also during a long statement. The
 * system's own limit is two hours. The class is public because the driver finds it by its class name. A connection with
 * special sockets registers them under a name and passes that name.
 */
public final class KeepAlive extends SocketFactory {
    private static final int IDLE_SECONDS = 10;
    private static final int INTERVAL_SECONDS = 5;
    private static final int PROBES = 3;
    private static final Map<String, Kind> KINDS = new ConcurrentHashMap<>();

    private final Kind kind;

    /** @param name a name that {@link #named} returned */
    public KeepAlive(String name) {
        this.kind = KINDS.getOrDefault(name, Socket::new);
    }

    /** Makes the sockets of one connection. */
    @FunctionalInterface
    interface Kind {
        Socket create() throws IOException;
    }

    /** A name for the driver's property socketFactoryArg, valid until {@link #forget}. */
    static String named(Kind kind) {
        var name = UUID.randomUUID().toString();
        KINDS.put(name, kind);
        return name;
    }

    /** Ends the name's validity: the driver has created its factory. */
    static void forget(String name) {
        KINDS.remove(name);
    }

    @Override
    public Socket createSocket() throws IOException {
        var socket = kind.create();
        socket.setKeepAlive(true);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }
}
