import Engine
import Model
import Yams

/// What the configuration says about how much may happen at once, and how often.
extension Configuration {
    /// Takes the mapping of `limits`: numbers are of what runs at once, `20 per 1m` is a rate.
    mutating func takeLimits(_ node: Node, _ place: String) throws(Complaint) {
        guard let mapping = node.mapping else { throw Self.limitComplaint(place) }
        for (key, value) in mapping {
            guard let name = key.string, !name.isEmpty else { throw Self.limitComplaint(place) }
            let place = key.mark.map { "\(place.prefix { $0 != ":" }):\($0.line)" } ?? place
            if let number = value.int {
                guard Self.numbers.contains(number) else { throw Self.limitComplaint(place) }
                limits[name] = number
            } else {
                rates.append(try Self.rate(name, value.string ?? "", place))
            }
        }
    }

    private static let numbers = 1...10_000

    private static func limitComplaint(_ place: String) -> Complaint {
        Complaint(
            .usage,
            "\(place): limits is a mapping such as {“snapshot@host/*”: 2, vm.start: 20 per 1m}: "
                + "how many operations run at once, or how many jobs of a kind begin within a span;"
                + " numbers are from 1 to 10000"
        )
    }

    private static func rate(
        _ name: String,
        _ text: String,
        _ place: String
    ) throws(Complaint) -> Rates.Rule {
        let words = text.split(separator: " ")
        guard words.count == 3, words[1] == "per", let most = Int(words[0]),
            numbers.contains(most), let span = Span.milliseconds(String(words[2])),
            (1...longest).contains(span)
        else { throw limitComplaint(place) }
        let parts = name.split(separator: "@", omittingEmptySubsequences: false)
        let isPattern = parts.allSatisfy { part in
            let body = part.hasSuffix("*") ? part.dropLast() : part
            return !part.isEmpty && !body.contains { "*|= ".contains($0) }
        }
        guard (1...2).contains(parts.count), isPattern else {
            throw Complaint(
                .usage,
                "\(place): “\(name)” has a rate, so it must name kinds of jobs, and may name lanes"
                    + " or accounts that count each by itself: vm.start, vm.*@host/*, *@account/*"
            )
        }
        return Rates.Rule(name, most, per: span)
    }

    /// Reads the mapping of `accounts`: how many jobs each may have.
    func accountBounds(_ node: Node, _ place: String) throws(Complaint) -> [AccountBounds.Rule] {
        let complaint = Complaint(
            .usage,
            "\(place): accounts is a mapping such as {ops: {unfinished: 500, running: 20}, “*”: "
                + "{running: 5}}: how many jobs each may have unfinished and running, at least 1"
        )
        guard let mapping = node.mapping else { throw complaint }
        var rules: [AccountBounds.Rule] = []
        for (key, value) in mapping {
            guard let name = key.string, let numbers = value.mapping, !numbers.isEmpty,
                !name.dropLast().contains("*")
            else { throw complaint }
            var rule = AccountBounds.Rule(name)
            for (word, number) in numbers {
                guard let number = number.int, number > 0 else { throw complaint }
                switch word.string {
                case "unfinished": rule.unfinished = number
                case "running": rule.running = number
                default: throw complaint
                }
            }
            rules.append(rule)
        }
        return rules
    }

    /// Reads a list of kinds, or beginnings of kinds with a `*` behind them.
    func kindPatterns(
        _ node: Node,
        _ key: String,
        _ place: String
    ) throws(Complaint) -> [String] {
        let names = node.sequence?.map { $0.string ?? "" } ?? []
        guard node.sequence != nil,
            names.allSatisfy({ !$0.isEmpty && !$0.dropLast().contains("*") })
        else {
            throw Complaint(
                .usage,
                "\(place): \(key) is a list of kinds such as [vm.remove, “host.*”]"
            )
        }
        return names
    }

    /// A year, in milliseconds.
    private static let longest: Int64 = 366 * 86_400_000
}
