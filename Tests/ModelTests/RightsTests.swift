import Model
import Testing

@Suite("Roles and rights")
struct RightsTests {
    /// Who may do what, once more by hand: viewer, operator, admin.
    private static let matrix: [(Right, [Bool])] = [
        (.submit, [false, true, true]), (.approve, [false, true, true]),
        (.cancel, [false, true, true]),
        (.abort, [false, true, true]), (.abandon, [false, true, true]),
        (.retry, [false, true, true]), (.resolve, [false, true, true]),
        (.acknowledge, [false, true, true]), (.priority, [false, true, true]),
        (.pin, [false, true, true]), (.serve, [false, true, true]),
        (.report, [false, true, true]),
        (.pauseLane, [false, true, true]), (.schedule, [false, true, true]),
        (.sizeLane, [false, false, true]), (.releaseLock, [false, false, true]),
        (.unstick, [false, false, true]), (.drain, [false, false, true]),
        (.archive, [false, false, true]), (.maintain, [false, false, true]),
        (.roles, [false, false, true]),
    ]

    private static func standing(
        _ role: UserRole,
        accounts: [String]? = nil
    ) -> Standing {
        let lines = [RoleLine("ann", role, accounts: accounts), RoleLine("carol", .admin)]
        return Roles(lines, owner: 7).standing(of: Identity(user: "ann", uid: 1000))
    }

    @Test("each right has one row, and the matrix is this")
    func matrix() {
        let all = Right.allCases.map(\.rawValue).sorted()
        #expect(Right.rules.map(\.right.rawValue).sorted() == all)
        #expect(Self.matrix.map(\.0.rawValue).sorted() == all)
        for (right, expected) in Self.matrix {
            for (role, isAllowed) in zip(UserRole.allCases, expected) {
                let refusal = Self.standing(role).refusal(right, account: "dev")
                #expect((refusal == nil) == isAllowed, "\(right) \(role)")
            }
        }
    }

    @Test("a forbidden action names the right that is missing and who has it")
    func reason() throws {
        let refusal = try #require(Self.standing(.viewer).refusal(.abort, account: ""))
        #expect(
            refusal == "ann may not abort jobs: that takes the role operator, and ann is viewer "
                + "(the line for ann); it is given to carol, the store's owner, root"
        )
    }

    @Test("who acts for some accounts acts for no others, and for nothing that concerns all")
    func accounts() {
        let ann = Self.standing(.operator, accounts: ["dev", "test"])
        for right in Right.allCases where right.isPerAccount {
            #expect(ann.refusal(right, account: "dev") == nil)
            for other in ["prod", ""] {
                #expect(ann.refusal(right, account: other)?.contains("dev, test") == true)
            }
            #expect(ann.refusal(right) != nil)
        }
        for right in Right.allCases where !right.isPerAccount {
            #expect(ann.refusal(right, account: "dev") != nil, "\(right)")
        }
    }

    @Test(
        "the user's line counts before those of groups, and these before everybody else's",
        arguments: [
            ("ann", ["ops"], UserRole.viewer), ("dave", ["ops"], .operator),
            ("dave", ["ops", "chiefs"], .admin), ("eve", [], .viewer), ("eve", ["wheel"], .viewer),
        ] as [(String, [String], UserRole)]
    )
    func precedence(_ user: String, _ groups: [String], _ role: UserRole) {
        let roles = Roles([
            RoleLine("ann", .viewer), RoleLine("@ops", .operator), RoleLine("@chiefs", .admin),
            RoleLine("*", .viewer),
        ])
        let identity = Identity(user: user, uid: 1000, groups: groups)
        #expect(roles.standing(of: identity).role == role)
    }

    @Test("groups of one role add their accounts up; one without a limit takes it away")
    func groups() {
        let both = Identity(user: "dave", uid: 1000, groups: ["dev", "test"])
        let limited = Roles([
            RoleLine("@dev", .operator, accounts: ["dev"]),
            RoleLine("@test", .operator, accounts: ["test"]),
        ])
        #expect(limited.standing(of: both).accounts == ["dev", "test"])
        let free = Roles([
            RoleLine("@dev", .operator, accounts: ["dev"]), RoleLine("@test", .operator),
        ])
        #expect(free.standing(of: both).accounts == nil)
    }

    @Test("root and the store's owner are admins, whatever is said; others without roles operators")
    func defaults() {
        let shut = Roles([RoleLine("ann", .viewer), RoleLine("root", .viewer)], owner: 1000)
        #expect(shut.standing(of: Identity(user: "root", uid: 0)).role == .admin)
        #expect(shut.standing(of: Identity(user: "ann", uid: 1000)).role == .admin)
        #expect(shut.standing(of: Identity(user: "ann", uid: 1001)).role == .viewer)
        #expect(shut.standing(of: Identity(user: "bob", uid: 1002)).role == .viewer)
        #expect(Roles([], owner: 1).standing(of: Identity(user: "bob", uid: 2)).role == .operator)
        let looking = Roles([], owner: 1).standing(of: Identity(user: "ann", uid: 1)).lookingOnly
        #expect(looking.refusal(.submit, account: "") != nil)
    }
}
