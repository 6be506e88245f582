// Tells the pages that wait for it that somebody has signed in; each asks the server who.
new BroadcastChannel("alongside").postMessage({ signedIn: true });
