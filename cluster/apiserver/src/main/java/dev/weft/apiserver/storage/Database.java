package dev.weft.apiserver.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/** The file behind a {@link Store}. Confined to one thread at a time. */
final class Database implements AutoCloseable {

  /** A row to write, or to delete where {@code body} is empty. */
  record Row(String type, ObjectKey key, long version, Optional<byte[]> body) {}

  /** Receives the rows on load. */
  interface RowReader {
    void row(String type, ObjectKey key, long version, byte[] body);
  }

  private final Connection connection;
  private final PreparedStatement upsert;
  private final PreparedStatement remove;
  private final PreparedStatement setVersion;

  Database(Path file) throws IOException {
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // FULL, because an acknowledged write must also survive a crash of the machine.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // A second server on the same directory would hand out the same versions again.
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setBusyTimeout(2000);
    try {
      connection = config.createConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE IF NOT EXISTS objects (type TEXT NOT NULL, namespace TEXT NOT NULL, name"
                + " TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (type,"
                + " namespace, name))");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS store (id INTEGER PRIMARY KEY CHECK (id = 1), version"
                + " INTEGER NOT NULL)");
        statement.execute("INSERT OR IGNORE INTO store VALUES (1, 1)");
      }
      connection.setAutoCommit(false);
      upsert =
          connection.prepareStatement(
              "INSERT INTO objects VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET version ="
                  + " excluded.version, body = excluded.body");
      remove =
          connection.prepareStatement(
              "DELETE FROM objects WHERE type = ? AND namespace = ? AND name = ?");
      setVersion = connection.prepareStatement("UPDATE store SET version = ?");
    } catch (SQLException e) {
      throw new IOException(
          "cannot open the object storage "
              + file
              + " (is another server using it?): "
              + e.getMessage(),
          e);
    }
  }

  /** Hands every row to {@code reader} and returns the version of the store. */
  long load(RowReader reader) throws IOException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery("SELECT type, namespace, name, version, body FROM objects")) {
        while (rows.next()) {
          reader.row(
              rows.getString(1),
              new ObjectKey(rows.getString(2), rows.getString(3)),
              rows.getLong(4),
              rows.getBytes(5));
        }
      }
      try (ResultSet version = statement.executeQuery("SELECT version FROM store")) {
        version.next();
        return version.getLong(1);
      }
    } catch (SQLException e) {
      throw new IOException("cannot read the object storage: " + e.getMessage(), e);
    }
  }

  /** All rows or none; on the disk when this returns. */
  void write(List<Row> rows) throws IOException {
    try {
      for (Row row : rows) {
        PreparedStatement statement = row.body().isPresent() ? upsert : remove;
        statement.setString(1, row.type());
        statement.setString(2, row.key().namespace());
        statement.setString(3, row.key().name());
        if (row.body().isPresent()) {
          statement.setLong(4, row.version());
          statement.setBytes(5, row.body().get());
        }
        statement.executeUpdate();
      }
      setVersion.setLong(1, rows.getLast().version());
      setVersion.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      throw new IOException("cannot write the object storage: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("cannot close the object storage: " + e.getMessage(), e);
    }
  }
}
