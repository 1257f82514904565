// Counts the words of every message, 500 messages in a transaction, exactly once: each transaction also moves the
// checkpoint, so both are committed or neither is.
package main

import (
	"context"
	"log"
	"os"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

func main() {
	ctx := context.Background()
	// Host, user, TLS and the password's file come from PGHOST and so on, which Cairn has set.
	db, err := pgx.Connect(ctx, "")
	if err != nil {
		log.Fatal(err) // any exit code but 0 and 65: Cairn tries again
	}
	estimate, err := estimate(ctx, db)
	for at := os.Getenv("CAIRN_CHECKPOINT"); err == nil; {
		var next string
		if next, err = batch(ctx, db, at, estimate); err == nil && next == at {
			return // exit code 0: all is done
		}
		at = next
	}
	log.Fatal(err)
}

// One transaction: the place after the batch, or the same place when nothing is left.
func batch(ctx context.Context, db *pgx.Conn, at string, estimate int64) (string, error) {
	after, _ := strconv.ParseInt(at, 10, 64) // empty at the beginning: 0
	next := at
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx,
			"SELECT id, body FROM messages WHERE id > $1 ORDER BY id LIMIT 500 FOR UPDATE", after)
		if err != nil {
			return err
		}
		messages, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
			ID   int64
			Body string
		}])
		if err != nil || len(messages) == 0 {
			return err
		}
		var ids []int64
		var words []int
		for _, message := range messages {
			ids, words = append(ids, message.ID), append(words, len(strings.Fields(message.Body)))
		}
		if _, err = tx.Exec(ctx, `UPDATE messages SET words = v.words
			FROM unnest($1::bigint[], $2::int[]) AS v (id, words) WHERE messages.id = v.id`, ids, words); err != nil {
			return err
		}
		next = strconv.FormatInt(ids[len(ids)-1], 10)
		_, err = tx.Exec(ctx, "SELECT cairn.checkpoint($1, $2, $3, $4, $5, $6)",
			os.Getenv("CAIRN_MIGRATION"), os.Getenv("CAIRN_TOKEN"), at, next, len(ids), estimate)
		return err
	})
	return next, err
}

// For the share that is shown as progress; nothing depends on it.
func estimate(ctx context.Context, db *pgx.Conn) (rows int64, err error) {
	err = db.QueryRow(ctx, "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'messages'::regclass").Scan(&rows)
	return rows, err
}
