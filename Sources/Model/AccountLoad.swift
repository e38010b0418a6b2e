/// How many jobs without a parent an account has.
package struct AccountLoad: Hashable, Sendable {
    /// Those that have not ended.
    package var open: Int
    /// Those of them that have begun.
    package var running: Int

    /// A load with both its numbers.
    package init(open: Int, running: Int) {
        self.open = open
        self.running = running
    }
}
