using System.Security.Cryptography;
using System.Text;

namespace Dmcp.AutoML.Access;

/// <summary>
/// Lets in who may: without a token only requests for this machine by its own name, so that no other site's page reaches it through the
/// user's browser; with one those that know it, from the address (once, then as a cookie) or as a bearer.
/// </summary>
/// <param name="token">The token; null for none.</param>
internal sealed class AccessGate(string? token)
{
    private const string Cookie = "dmcp-token";

    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (token is null && !OwnNames.Contains(context.Request.Host.Host))
            await Refuse(context, "This server answers to 'localhost' only. Start it with --host to let others in.");
        else if (IsForeign(context.Request))
            await Refuse(context, "The request comes from another site.");
        else if (token is not null && !Knows(context))
            await Refuse(context, "The token is missing: open the address that the server printed.");
        else
            await next(context);
    }

    /// <summary>Whether a page of another site sent the request.</summary>
    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && origin != $"{request.Scheme}://{request.Host}";

    private bool Knows(HttpContext context)
    {
        var request = context.Request;
        if (request.Query["token"] is [{ } asked] && IsToken(asked))
        {
            context.Response.Cookies.Append(Cookie, token!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
            return true;
        }
        const string scheme = "Bearer ";
        return (request.Cookies[Cookie] is { } kept && IsToken(kept))
            || (request.Headers.Authorization is [{ } bearer] && bearer.StartsWith(scheme, StringComparison.Ordinal)
                && IsToken(bearer[scheme.Length..]));
    }

    // Takes as long for a wrong one, whichever letter is wrong.
    private bool IsToken(string text) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(token!));

    private static Task Refuse(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(why);
    }
}
