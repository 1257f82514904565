package dev.cairn.runner.session;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** A socket that reports each arrival of data, below TLS and before the driver reads the data. */
final class HeardSocket extends Socket {
    private final Runnable heard;

    HeardSocket(Runnable heard) {
        this.heard = heard;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int n = in.read(buffer, offset, length);
                if (n > 0) heard.run();
                return n;
            }

            @Override
            public int read() throws IOException {
                int one = in.read();
                if (one >= 0) heard.run();
                return one;
            }
        };
    }
}
