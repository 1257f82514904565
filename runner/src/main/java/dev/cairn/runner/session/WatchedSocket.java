package dev.cairn.runner.session;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A socket whose reads end when its lifeline cuts it. Where the driver sets its own read limit, that limit applies
 * instead.
 */
final class WatchedSocket extends Socket {
    private final Lifeline lifeline;
    private volatile int driversMillis;

    WatchedSocket(Lifeline lifeline) throws SocketException {
        this.lifeline = lifeline;
        super.setSoTimeout(lifeline.lookMillis());
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        driversMillis = millis;
        super.setSoTimeout(millis == 0 ? lifeline.lookMillis() : millis);
    }

    @Override
    public int getSoTimeout() {
        return driversMillis;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return driversMillis == 0 ? patiently(in, buffer, offset, length) : in.read(buffer, offset, length);
            }

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }
        };
    }

    private int patiently(InputStream in, byte[] buffer, int offset, int length) throws IOException {
        try (var wait = lifeline.new Wait()) {
            while (true) {
                try {
                    return in.read(buffer, offset, length);
                } catch (SocketTimeoutException silence) {
                    wait.look();
                }
            }
        }
    }
}
