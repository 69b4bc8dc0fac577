-- What a program of version 1 wrote: a whole call, and one that goes on.

INSERT INTO call VALUES (1, 'CA1', 1795435200000000, 1795435240000000, 1795435240000000, 1795435840000000, 'en', 'georgia', TRUE, 'georgia', 'transferred', 20000000, 'completed', 120, 'georgia:completed:120', 4, '7', 0, 1, 'en/bye', 'en/menu:1:1:0 en/menu/2:1:0:0 en/connect/georgia:1:0:0 en/bye:1:0:0', 'completed', 40, 'TN-Validation-Passed-A', '404', X'30313233343536373839616263646566', 'v1');

INSERT INTO call VALUES (2, 'CA2', 1795435260000000, 0, 1795435270000000, 1795435870000000, 'en', 'georgia', FALSE, '', '', 0, '', 0, '', 2, '', 0, 1, 'en/menu/2', 'en/menu:1:1:0 en/menu/2:1:0:0', 'in-progress', 0, 'TN-Validation-Passed-A', '404', X'30313233343536373839616263646566', 'v1');

INSERT INTO event VALUES (1, -5808612948246948381, 1795435240000000, 'status', '', '', '', '', '', '', FALSE, '', '', '', 0, 'completed', 40, 0);

INSERT INTO event VALUES (1, -5808609649712063748, 1795435210000000, 'turn', 'en/menu', 'en/menu/2', '', 'silence', 'en', '', FALSE, '', '', '', 0, 'in-progress', 0, 0);

INSERT INTO event VALUES (1, -5808608550200435537, 1795435200000000, 'turn', '', 'en/menu', '', 'start', 'en', 'georgia', FALSE, '', '', '', 0, 'in-progress', 0, 0);

INSERT INTO event VALUES (1, -5808607450688807326, 1795435230000000, 'turn', 'en/connect/georgia', 'en/bye', '', 'transfer', 'en', '', FALSE, 'georgia', '', 'completed', 120, 'in-progress', 0, 0);

INSERT INTO event VALUES (1, -5808606351177179115, 1795435220000000, 'turn', 'en/menu/2', 'en/connect/georgia', '7', 'choice', 'en', '', TRUE, 'georgia', 'transferred', '', 0, 'in-progress', 0, 800);

INSERT INTO event VALUES (2, -5808609649712063748, 1795435270000000, 'turn', 'en/menu', 'en/menu/2', '', 'silence', 'en', '', FALSE, '', '', '', 0, 'in-progress', 0, 0);

INSERT INTO event VALUES (2, -5808608550200435537, 1795435260000000, 'turn', '', 'en/menu', '', 'start', 'en', 'georgia', FALSE, '', '', '', 0, 'in-progress', 0, 0);

INSERT INTO hour VALUES (1795435200000000, 1, '{"all":{"n":2,"e":1,"r":1,"s":{"20":1}},"languages":{"en":{"n":2,"e":1,"r":1,"s":{"20":1}}},"regions":{"":{"n":1},"georgia":{"n":1,"e":1,"r":1,"s":{"20":1}}},"outcomes":{"in progress":{"n":1},"transferred":{"n":1,"e":1,"r":1,"s":{"20":1}}},"transfers":{"georgia":{"completed":1}},"pages":{"en/bye":{"n":1},"en/connect/georgia":{"n":1},"en/menu":{"n":2,"s":2},"en/menu/2":{"n":2}}}');
