"""Gives every message a tone, exactly once: each transaction writes rows and moves the checkpoint, or does neither."""
import argparse
import os
import sys

import psycopg2
from psycopg2.extras import execute_values

PERMANENT = 3  # one of permanentExitCodes


def tone(body):
    if not isinstance(body, str):
        raise ValueError("a message without a text")
    if body.rstrip().endswith("!"):
        return "loud"
    return "asking" if "?" in body else "calm"


def batch(db, at, size):
    """One transaction: the place after the batch, None when nothing is left."""
    with db, db.cursor() as sql:
        sql.execute(
            "SELECT id, body FROM messages WHERE id > %s ORDER BY id LIMIT %s FOR UPDATE",
            (int(at or 0), size),
        )
        messages = sql.fetchall()
        if not messages:
            return None
        execute_values(
            sql,
            "UPDATE messages SET tone = v.tone FROM (VALUES %s) AS v (id, tone) WHERE messages.id = v.id",
            [(id, tone(body)) for id, body in messages],
            page_size=size,
        )
        here = str(messages[-1][0])
        sql.execute(
            "SELECT cairn.checkpoint(%s, %s, %s, %s, rows => %s)",
            (os.environ["CAIRN_MIGRATION"], os.environ["CAIRN_TOKEN"], at, here, len(messages)),
        )
        return here


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--batch", type=int, default=500)
    size = arguments.parse_args().batch
    # Host, user, TLS and the password's file come from PGHOST and so on, which Cairn has set.
    db = psycopg2.connect("")
    at = os.environ["CAIRN_CHECKPOINT"]  # empty at the beginning
    try:
        while (next := batch(db, at, size)) is not None:
            at = next
    except ValueError as e:
        with open("/dev/termination-log", "w") as words:
            words.write(f"after message {at}: {e}")
        sys.exit(PERMANENT)
    # Any other exception ends with 1: Cairn tries again from the checkpoint. The end of the program is exit code 0: done.


if __name__ == "__main__":
    main()
