package dev.cairn.operator.job;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Cuts the written bytes into pieces of one size, so that they are not also in memory as a whole. */
final class PieceStream extends OutputStream {
    private final int bytesEach;
    private final List<byte[]> full = new ArrayList<>();
    private final ByteArrayOutputStream next = new ByteArrayOutputStream();

    PieceStream(int bytesEach) {
        this.bytesEach = bytesEach;
    }

    @Override
    public void write(int one) {
        next.write(one);
        if (next.size() == bytesEach) cut();
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        int end = from + length;
        for (int at = from; at < end; ) {
            int fits = Math.min(end - at, bytesEach - next.size());
            next.write(bytes, at, fits);
            at += fits;
            if (next.size() == bytesEach) cut();
        }
    }

    /** All pieces. Only the last one may be shorter. */
    List<byte[]> all() {
        if (next.size() > 0) cut();
        return List.copyOf(full);
    }

    private void cut() {
        full.add(next.toByteArray());
        next.reset();
    }
}
