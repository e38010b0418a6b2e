import Foundation
import Glibc

/// Processes and whose they are, as the kernel lists them.
enum Kin {
    /// One process.
    struct Member: Hashable {
        /// Its number.
        var process: pid_t
        /// Its parent's number.
        var parent: pid_t
        /// When it was started, in ticks since the boot.
        var start: UInt64
        /// Whether it has ended and is only waiting to be noticed.
        var isGone: Bool
    }

    /// Everything that descends from a process and is alive, whoever its parent is by now.
    static func living(below ancestor: pid_t) -> [pid_t] {
        let children = Dictionary(grouping: all(), by: \.parent)
        var found: [pid_t] = []
        var next = [ancestor]
        var seen: Set<pid_t> = [ancestor]
        while let parent = next.popLast() {
            for member in children[parent, default: []] where seen.insert(member.process).inserted {
                if !member.isGone { found.append(member.process) }
                next.append(member.process)
            }
        }
        return found
    }

    /// Every living process whose environment has that entry.
    static func living(marked mark: String) -> [pid_t] {
        let wanted = Array(mark.utf8)
        return all().filter { !$0.isGone }.map(\.process).filter { process in
            let file = "/proc/\(process)/environ"
            guard let data = FileManager.default.contents(atPath: file) else { return false }
            return data.split(separator: 0).contains { $0.elementsEqual(wanted) }
        }
    }

    /// One process; nil if there is none of that number.
    static func member(_ process: pid_t) -> Member? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
            return nil
        }
        // The name in parentheses may hold anything, so what follows is counted from its end.
        let text = String(decoding: data, as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 19, let parent = pid_t(fields[1]), let start = UInt64(fields[19])
        else { return nil }
        return Member(
            process: process,
            parent: parent,
            start: start,
            isGone: fields[0] == "Z" || fields[0] == "X"
        )
    }

    private static func all() -> [Member] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.compactMap(member)
    }

    /// The machine's boot, which tells its processes from those of an earlier one.
    static func boot() -> String {
        let data = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id")
        return String(decoding: data ?? Data(), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
